"""The one table: the only package that speaks DynamoDB."""
