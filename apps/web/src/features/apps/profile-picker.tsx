import { useTranslation } from 'react-i18next';
import { faultProfiles, type FaultProfile } from '@switchboard/core/apps/schema';
import { Segmented } from '../../ui/form/segmented.tsx';

interface ProfilePickerProps {
  value: FaultProfile | null;
  onChange: (profile: FaultProfile | null) => void;
}

/** A well-known set of faults, with one click. */
export function ProfilePicker({ value, onChange }: ProfilePickerProps) {
  const { t } = useTranslation();
  const shown = value ?? 'none';
  return (
    <div className="flex flex-col gap-2">
      <Segmented
        label={t('apps.profile.title')}
        value={shown}
        onChange={(next) => onChange(next === 'none' ? null : next)}
        options={(['none', ...faultProfiles] as const).map((profile) => ({
          value: profile,
          label: t(`apps.profile.${profile}`),
        }))}
      />
      <p className="text-sm text-ink-3">{t(`apps.profile.means.${shown}`)}</p>
    </div>
  );
}
