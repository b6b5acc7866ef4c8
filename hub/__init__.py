"""The rules of the house: who is asking, what they may see, how we touch data, how we say no."""
