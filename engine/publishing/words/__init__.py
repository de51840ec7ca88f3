"""The difference of two releases in words of the business: which thing, which of its settings, before and after."""

from engine.publishing.words.sentences import Sentence, place_in_words, sentences_of

__all__ = ["Sentence", "place_in_words", "sentences_of"]
