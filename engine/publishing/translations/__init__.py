"""The app's texts for translators: as a table out and in."""

from engine.publishing.translations.table import read_translations, texts_json, translations_csv

__all__ = ["read_translations", "texts_json", "translations_csv"]
