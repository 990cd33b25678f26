import { Seats } from "./domain/seats.mjs";

const seats = new Seats();

export const handler = async (event) => {
  const { seat, customer } = JSON.parse(event.body);
  try {
    return { statusCode: 201, body: JSON.stringify({ until: await seats.hold(seat, customer) }) };
  } catch (error) {
    if (error.name === "TransactionCanceledException") return { statusCode: 409 };
    throw error;
  }
};
