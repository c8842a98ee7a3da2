select
    department.document_key, department.part, department.department_key, department.department_name, department.department_type,
    department.department_code, department.region_code,
    -- what the document says, else what the registry knows of a unit that publishes its own document
    coalesce(department.parent_department_key, registry.parent_department_key) as parent_department_key
from {{ source('extracted', 'department') }} as department
left join (
    select department_key, max(parent_department_key) as parent_department_key from {{ ref('departments') }} group by department_key
) as registry on registry.department_key = department.department_key
order by document_key, part
