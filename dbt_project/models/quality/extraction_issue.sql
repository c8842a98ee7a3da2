select
    document_key || '-' || issue_number as issue_id,
    document_key,
    severity,
    statement,
    page,
    locator,
    what,
    text
from {{ ref('stg_issue') }}
union all
select
    body.document_key || '-order-' || body.part,
    body.document_key,
    'warning',
    null,
    null,
    null,
    'two documents of one department, year and scope have no dates that order them: the facts take this one; '
    || 'give published_on for both in raw/manifest.csv',
    'the other document: ' || coalesce(other.file_name, body.previous_document_key)
from {{ ref('int_body') }} as body
left join {{ ref('stg_source_file') }} as other on other.document_key = body.previous_document_key
where body.is_order_unknown
union all
select
    row_key || '-repeated',
    document_key,
    'warning',
    statement,
    null,
    'row ' || row_order,
    'a row that other rows add up to is printed twice in one statement: the sums compare with the first one',
    row_label
from {{ ref('int_row') }}
where is_repeated
order by issue_id
