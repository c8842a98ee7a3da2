{{ code_dimension('economic_codes', 'economic_code_key', 'economic') }}
