"""The texts of classifiers's error messages: what was expected, what was given, what to do."""
