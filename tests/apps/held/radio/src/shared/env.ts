type Name = 'GROUP' | 'PLAYER' | 'PLAYER_ROLE' | 'TRACKS' | 'TOPIC' | 'RECORDINGS' | 'VAULT' | 'CUTS' | 'FOLDER';

export default function env(name: Name, fallback?: string): string {
  const value = process.env[name] ?? fallback;
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}
