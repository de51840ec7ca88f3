"""Users, departments, roles and jobs, for administrators."""
