import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";

const ses = new SESv2Client();

const text = ({ concert, seat }) => `Your ticket for ${concert}: seat ${seat}.`;

export const handler = async (event) =>
  ses.send(
    new SendEmailCommand({
      FromEmailAddress: process.env.FROM_ADDRESS,
      Destination: { ToAddresses: [event.email] },
      Content: { Simple: { Subject: { Data: "Your ticket" }, Body: { Text: { Data: text(event) } } } },
    }),
  );
