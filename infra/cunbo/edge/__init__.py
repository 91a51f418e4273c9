"""CloudFront and API Gateway as this machine plays them, by the deployed configuration."""
