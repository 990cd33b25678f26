const channels = require('./channels');

const collect = async (source) => {
  const found = [];
  for await (const each of source) found.push(each);
  return found;
};

const retrying = (times) => (fn) => async (...args) => {
  for (let left = times; ; left--) {
    try {
      return await fn(...args);
    } catch (error) {
      if (left <= 1 || !error.$retryable) throw error;
    }
  }
};

const deliver = retrying(3)(async ({ client, commands }, notice) =>
  Promise.allSettled((await collect(commands(notice))).map((command) => client.send(command))));

class Printer {
  send(command) {
    return command;
  }
}

module.exports.main = async (event) => {
  const wanted = ['sms', 'topic', 'queue'].filter((name) => event.channels.includes(name));
  new Printer().send({ print: true });
  const answers = await Promise.all(wanted.map((name) => deliver(channels[name], event)));
  return answers.flat().filter((each) => each.status === 'fulfilled').length;
};
