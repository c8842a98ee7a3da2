select document_key, part, scope, body_name, body_code, fiscal_year
from {{ source('extracted', 'part') }}
order by document_key, part
