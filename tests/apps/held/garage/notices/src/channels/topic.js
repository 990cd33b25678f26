const sns = require('@aws-sdk/client-sns');

exports.client = new sns.SNS();
exports.commands = function* ({ text, subject = 'Notice' }) {
  yield new sns.PublishCommand({ TopicArn: process.env.TOPIC, Message: text, Subject: subject });
};
