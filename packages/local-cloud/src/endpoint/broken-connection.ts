/**
 * Thrown by a handler whose caller is to get no answer at all: the endpoint ends the connection, and a client sees what
 * it sees when a network fails (`ECONNRESET`).
 */
export class BrokenConnection extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BrokenConnection';
  }
}
