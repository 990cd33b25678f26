"""CloudFormation templates: parameters, conditions, intrinsic functions, and the resources they make."""
