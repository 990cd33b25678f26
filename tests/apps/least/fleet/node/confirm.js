import * as cognito from "@aws-sdk/client-cognito-identity-provider";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { documents } from "./lib/clients.js";

const idp = new cognito.CognitoIdentityProvider({});

export const handler = async (event) => {
  const pool = process.env.DEVICE_POOL;
  await idp.adminUpdateUserAttributes({
    UserPoolId: pool,
    Username: event.userName,
    UserAttributes: [{ Name: "custom:confirmed", Value: "yes" }],
  });
  await documents.send(
    new UpdateCommand({
      TableName: process.env.VEHICLES_TABLE,
      Key: { id: event.request.userAttributes.vehicle },
      UpdateExpression: "SET driver = :d",
      ExpressionAttributeValues: { ":d": event.userName },
    }),
  );
  return event;
};
