import { useState } from 'react';

// What "today" is for as long as a component is shown; a list that regroups itself at midnight startles more than it helps.
export const useNow = () => useState(() => new Date())[0];
