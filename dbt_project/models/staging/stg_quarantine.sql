select file_name, document_key, reason
from {{ source('extracted', 'quarantine') }}
order by file_name
