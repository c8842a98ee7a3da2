select document_key, part, statement, status, title_as_printed, printed_unit, rows_read, figures_read, unread_places, page, locator
from {{ source('extracted', 'statement') }}
order by document_key, part, statement
