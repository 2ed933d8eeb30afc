// A page that breaks says so and can be tried again; the frame around it stays.
import { Component, type ReactNode } from 'react';
import { Failed } from './states';

export class Boundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override render() {
    if (this.state.error === null) return this.props.children;
    return <Failed isPage error={this.state.error} onRetry={() => location.reload()} />;
  }
}
