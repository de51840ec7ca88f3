"""The difference of two releases in words of the business: which thing, which of its settings, before and after."""

from engine.publishing.words.sentences import Sentence, sentences_of

__all__ = ["Sentence", "sentences_of"]
