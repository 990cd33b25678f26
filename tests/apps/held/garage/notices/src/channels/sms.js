const { SNSClient, PublishCommand } = require('@aws-sdk/client-sns');

module.exports = {
  client: new SNSClient({ region: 'eu-central-1' }),
  commands: ({ phones, text }) => phones.map((PhoneNumber) => new PublishCommand({ PhoneNumber, Message: text })),
};
