select
    document_key, part, check_number, identity_id, says, statement, subject, measure, left_yuan, right_yuan, difference_yuan,
    status, severity
from {{ source('extracted', 'identity_check') }}
order by document_key, check_number
