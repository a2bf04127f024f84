"""Real loopback servers that stand for the cloud and for Ollama in tests."""
