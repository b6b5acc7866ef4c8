"""The local offer: what there is to help a family, where, and for whom. No personal data."""
