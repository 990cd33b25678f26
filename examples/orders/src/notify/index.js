import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";

const sns = new SNSClient({});

const TEXTS = {
  PAID: "we have received your payment",
  SHIPPED: "your order is on its way",
};

function mailFor(order, status) {
  return `<html>
  <body>
    <p>Dear ${order.name},</p>
    <p>${TEXTS[status] ?? status}.</p>
    <p>Delivery address: ${order.address}</p>
    <p>Your note to us: ${order.note ?? "none"}</p>
  </body>
</html>`;
}

export const handler = async (event) => {
  for (const record of event.Records) {
    const order = JSON.parse(record.Sns.Message);
    console.log(`sending mail to ${order.email}: ${JSON.stringify(order)}`);
    await sns.send(
      new PublishCommand({
        TopicArn: process.env.NOTIFICATIONS_TOPIC,
        Subject: `Order ${order.orderId}`,
        Message: mailFor(order, record.Sns.Subject),
        MessageAttributes: {
          email: { DataType: "String", StringValue: order.email },
        },
      }),
    );
  }
};
