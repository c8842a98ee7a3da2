{{ code_dimension('function_codes', 'function_code_key', 'function') }}
