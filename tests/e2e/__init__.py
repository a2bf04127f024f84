"""The real thing end to end: Open WebUI, gateway, local model and browser; only the cloud is a stand-in."""
