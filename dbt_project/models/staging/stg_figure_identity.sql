select document_key, figure_id, check_number, identity_id, side, confirms
from {{ source('extracted', 'figure_identity') }}
order by document_key, check_number, side, figure_id
