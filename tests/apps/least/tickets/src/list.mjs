import { Seats } from "./domain/seats.mjs";

export async function handler(event) {
  const seats = await new Seats().ofConcert(event.pathParameters.id);
  return { seats: seats.map(({ seat }) => seat) };
}
