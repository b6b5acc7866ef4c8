"""People and households, concerns, referrals and their triage."""
