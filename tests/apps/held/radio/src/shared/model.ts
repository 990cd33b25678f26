export interface Track { id: string; title: string; plays?: number }
export interface Show { id: string; from: string; tracks: Track[] }
