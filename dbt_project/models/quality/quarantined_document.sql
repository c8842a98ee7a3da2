select file_name, document_key, reason
from {{ ref('stg_quarantine') }}
order by file_name
