"""What the partnership can learn from everybody's requests together, without a word about anybody."""

from gateway.insight.unmet import router

__all__ = ["router"]
