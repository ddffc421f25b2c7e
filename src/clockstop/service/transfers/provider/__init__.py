"""The pages of mutual aid for providers, NHS and independent: asking, offering, answering."""
