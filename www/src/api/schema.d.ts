export interface paths {
  '/api/v1/server': {
    get: { responses: { 200: { content: { 'application/json': components['schemas']['ServerInfo'] } } } };
  };
  '/api/v1/sessions': {
    get: { responses: { 200: { content: { 'application/json': components['schemas']['SessionList'] } } } };
    delete: { responses: { 204: { content?: never } } };
  };
  '/api/v1/sessions/{session_id}': {
    delete: { parameters: { path: { session_id: string } }; responses: { 204: { content?: never } } };
  };
}
export interface components {
  schemas: {
    ServerInfo: { domain: string; version: string };
    SessionView: {
      session_id: string;
      client: string;
      created_ms: number;
      used_ms: number;
      current: boolean;
    };
    SessionList: { sessions: components['schemas']['SessionView'][] };
  };
}
