"""Who may call what: IAM documents as statements, one request against them, and the matrix of a whole estate.

It decides what the documents say under the documented rules of AWS. It does not ask AWS, and a decision that the
documentation does not settle is "indeterminate", never "allowed".
"""
