"""The use cases of voices and the newsletter. The API's cold start imports none: routes do, when asked."""
