"""What the referral service says and hears, a file per noun."""
