const { SLOTS: slots, CUSTOMERS: customers, BUS: bus, MAX_DAYS = '60' } = process.env;

export default Object.freeze({ tables: { slots, customers }, bus, maxDays: Number(MAX_DAYS) });
