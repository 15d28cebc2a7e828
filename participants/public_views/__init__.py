"""The pages of a company without account: reached by a signed link, and by nothing else."""

from participants.public_views.hours import company_hours
from participants.public_views.opening import company_link
from participants.public_views.postings import company_posting
from participants.public_views.referrals import company_referrals

__all__ = ["company_hours", "company_link", "company_posting", "company_referrals"]
