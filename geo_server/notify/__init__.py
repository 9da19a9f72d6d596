"""Notices: from a dispatch or a plan to the people who are to know, by whichever channel reaches them."""
