const sms = require('./sms');
const topic = require('./topic');
const queue = require('./queue');

module.exports = { sms, topic, queue, post: { commands: () => { throw new Error('by hand'); } } };
