"""The outside shapes this service reads, one each. Pure: bytes in, frozen dataclasses out."""
