import type { Migration } from '@g-store/messaging';

const sql = `
-- The store's people may also place an order, for a customer who did not.
ALTER TABLE staff_audit DROP CONSTRAINT staff_audit_act_check;
ALTER TABLE staff_audit ADD CONSTRAINT staff_audit_act_check CHECK (act IN ('place', 'cancel', 'status'));
`;

export const placedByStaffMigration: Migration = { name: '002-placed-by-staff', sql };
