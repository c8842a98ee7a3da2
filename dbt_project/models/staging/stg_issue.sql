select document_key, issue_number, severity, statement, page, locator, what, text
from {{ source('extracted', 'issue') }}
order by document_key, issue_number
