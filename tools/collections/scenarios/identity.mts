import { operations, type Scenario, type Step } from '../step.mts';

const ofUser = { params: { id: '{{userId}}' } };
const ofOther = { params: { id: '{{otherId}}' } };
const ofRole = { params: { id: '{{userId}}', role: 'staff' } };
const signIn = (name: string, password: string): Step => ({
  operation: 'post /v1/sessions',
  name,
  as: 'nobody',
  status: 200,
  body: { login: '{{login}}', password },
  saves: { customerToken: 'accessToken', refreshToken: 'refreshToken' },
});

export const identity: Scenario = {
  steps: [
    {
      operation: 'post /v1/users',
      as: 'nobody',
      status: 201,
      body: { login: '{{login}}', password: '{{password}}', name: 'A Guest' },
      saves: { userId: 'id' },
    },
    signIn('Sign in', '{{password}}'),
    {
      operation: 'post /v1/sessions/refresh',
      as: 'nobody',
      status: 200,
      body: { refreshToken: '{{refreshToken}}' },
      saves: { customerToken: 'accessToken', refreshToken: 'refreshToken' },
    },
    { operation: 'get /v1/users/me', as: 'customer', status: 200, saves: { userId: 'id' } },
    { operation: 'get /v1/users/me/export', as: 'customer', status: 200 },
    {
      operation: 'put /v1/users/me/password',
      as: 'customer',
      status: 204,
      body: { currentPassword: '{{password}}', newPassword: '{{password}}-2' },
    },
    { operation: 'get /v1/users', as: 'operator', status: 200, query: { q: '{{login}}' } },
    { operation: 'get /v1/users/{id}', as: 'staff', status: 200, ...ofUser },
    { operation: 'put /v1/users/{id}/roles/{role}', as: 'operator', status: 204, ...ofRole },
    { operation: 'delete /v1/users/{id}/roles/{role}', as: 'operator', status: 204, ...ofRole },
    {
      operation: 'post /v1/users',
      name: 'Register somebody else',
      as: 'nobody',
      status: 201,
      body: { login: '{{login}}-2', password: '{{password}}' },
      saves: { otherId: 'id' },
    },
    { operation: 'post /v1/users/{id}/block', as: 'operator', status: 204, ...ofOther },
    { operation: 'post /v1/users/{id}/unblock', as: 'operator', status: 204, ...ofOther },
    signIn('Sign in with the new password', '{{password}}-2'),
    { operation: 'delete /v1/sessions/current', as: 'customer', status: 204 },
    signIn('Sign in once more', '{{password}}-2'),
    { operation: 'delete /v1/sessions', as: 'customer', status: 204 },
    signIn('Sign in for the last time', '{{password}}-2'),
    { operation: 'delete /v1/users/me', as: 'customer', status: 204 },
    {
      operation: 'post /api/user/register',
      as: 'nobody',
      status: 200,
      body: { login: '{{login}}-3', password: '{{password}}' },
    },
    {
      operation: 'post /api/user/login',
      as: 'nobody',
      status: 200,
      body: { login: '{{login}}-3', password: '{{password}}' },
    },
    { operation: 'get /.well-known/jwks.json', as: 'nobody', status: 200 },
    ...operations({ parking: false }),
  ],
};
