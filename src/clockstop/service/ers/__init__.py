"""The API of the NHS e-Referral Service as it is published, on Clockstop's own referrals."""
