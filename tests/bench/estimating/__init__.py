"""What the bench of the router is made of: prompts with known outcomes, splits, measures, rivals, time."""
