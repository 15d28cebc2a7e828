"""What every resource of the programming interface shares: strict reading, problems in French, pages by key."""
