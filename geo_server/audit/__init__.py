"""The audit: every look at protected data and every act, sealed so that nobody bends it unseen (decision 11)."""
