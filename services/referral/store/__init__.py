"""Every SQL statement of the referral service, a file per noun."""
