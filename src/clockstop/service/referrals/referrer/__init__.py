"""The referrer's pages: find a patient, the menu, the shortlist, the referral and its letter."""
