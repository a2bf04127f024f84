"""What the router decides for labelled questions, and over a day of a team."""
